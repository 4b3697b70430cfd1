package dev.sluice.service.imports;

/** Whose configuration is read. */
public enum Dialect {
  kayenta,
  argo,
  flagger,
  keptn
}

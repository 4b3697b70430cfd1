package dev.sluice.service.metrics.prometheus;

/** A query of the plan cannot be sent as it is; the message says why and what to write instead. */
final class BadQuery extends Exception {
  private static final long serialVersionUID = 1L;

  BadQuery(String message) {
    super(message);
  }
}

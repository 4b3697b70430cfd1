package dev.sluice.service.plan.yaml;

/**
 * Where something stands in a text.
 *
 * @param line from 1; 0 where the place is not known
 * @param column from 1, in characters; 0 where the place is not known
 */
public record Place(int line, int column) {
  public static final Place UNKNOWN = new Place(0, 0);
  public static final Place START = new Place(1, 1);
}

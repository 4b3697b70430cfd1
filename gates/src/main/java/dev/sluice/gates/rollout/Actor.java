package dev.sluice.gates.rollout;

/**
 * Who did it.
 *
 * @param kind the engine itself, or somebody who asked over HTTP or the command line
 * @param name for people
 */
public record Actor(Kind kind, String name) {
  public static final Actor ENGINE = new Actor(Kind.ENGINE, "sluice");

  /** What sort of actor. */
  public enum Kind {
    ENGINE,
    PERSON,
    CONTROLLER
  }

  public static Actor person(String name) {
    return new Actor(Kind.PERSON, name);
  }

  /** Another machine that rolls out, by its dialect and its own name for what it does. */
  public static Actor controller(String name) {
    return new Actor(Kind.CONTROLLER, name);
  }
}

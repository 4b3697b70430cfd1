package dev.sluice.service.http;

import dev.sluice.gates.rollout.Actor;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.http.view.Verb;
import java.util.Optional;

/**
 * Who asks.
 *
 * @param name of the token; it is what audit and messages show
 */
public record Caller(String name, Role role) {
  /** Without tokens only this machine can reach the server, and whoever is on it may do all. */
  static final Caller ON_LOOPBACK = new Caller("somebody on loopback", Role.ADMIN);

  /** Somebody who asks what everybody may ask. */
  static final Caller NOBODY = new Caller("nobody", Role.VIEWER);

  public boolean may(Role needed) {
    return role.compareTo(needed) >= 0;
  }

  /**
   * Whether it is known who asks: {@link #NOBODY} may ask what is open to everybody, and no more.
   */
  @SuppressWarnings("ReferenceEquality") // A token may be called "nobody" too.
  public boolean known() {
    return this != NOBODY;
  }

  public Actor actor() {
    return Actor.person(name);
  }

  /** Why this caller may not use a verb; empty where they may. */
  Optional<String> denied(Verb verb) {
    return may(verb.role())
        ? Optional.empty()
        : Optional.of(Problems.mayNot(name, role, verb.role()));
  }
}

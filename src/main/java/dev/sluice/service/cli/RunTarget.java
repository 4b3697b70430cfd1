package dev.sluice.service.cli;

import dev.sluice.service.cli.ServerClient.Reply;

/** A rollout, named by its id or by its plan: then the newest one is meant. */
final class RunTarget {
  private static final String ROLLOUTS = "/api/v1/rollouts/";

  private RunTarget() {}

  /** The rollout as the server shows it. */
  static Reply find(ServerClient client, String name) {
    Reply byId = client.get(path(name));
    return byId.status() == 404 ? latest(client, name, byId) : ServerCommand.checked(byId);
  }

  private static Reply latest(ServerClient client, String plan, Reply missing) {
    Reply latest = client.get("/api/v1/plans/" + ServerClient.segment(plan) + "/rollouts/latest");
    return ServerCommand.checked(latest.status() == 404 ? missing : latest);
  }

  static String path(String id) {
    return ROLLOUTS + ServerClient.segment(id);
  }

  /** Asks at once; only where no rollout is called so, the name may be a plan's. */
  static Reply command(ServerClient client, String name, String verb, String body) {
    Reply told = client.post(path(name) + "/" + verb, body);
    if (told.status() != 404) {
      return ServerCommand.checked(told);
    }
    String id = latest(client, name, told).json().path("id").asText("");
    return ServerCommand.checked(client.post(path(id) + "/" + verb, body));
  }
}

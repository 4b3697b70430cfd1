package dev.sluice.service.flags.unleash;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where a flag is, and the paths of the admin API that lead there. */
record Place(String project, String environment, String key) {
  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  String feature() {
    return "/api/admin/projects/" + escaped(project) + "/features/" + escaped(key);
  }

  String inEnvironment() {
    return feature() + "/environments/" + escaped(environment);
  }

  String strategies() {
    return inEnvironment() + "/strategies";
  }

  String strategy(String id) {
    return strategies() + "/" + escaped(id);
  }

  String on() {
    return inEnvironment() + "/on";
  }

  String off() {
    return inEnvironment() + "/off";
  }

  String events(int limit) {
    return "/api/admin/search/events?feature=" + escaped("IS:" + key) + "&limit=" + limit;
  }

  /** "checkout-v2 in production". */
  String shown() {
    return key + " in " + environment;
  }
}

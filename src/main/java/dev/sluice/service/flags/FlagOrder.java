package dev.sluice.service.flags;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.store.RolloutStore.Message;
import java.util.Optional;

/**
 * A decision, as a flag system has to carry it out: read from the message that every flag system is
 * sent, so that one that is only told and one that is read can stand for each other.
 *
 * @param disable take everybody off by turning the flag off
 */
record FlagOrder(Flag flag, Exposure from, Exposure to, boolean disable, Note note) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Nobody is put on the canary who is not on it. */
  boolean lowers() {
    return disable || to.compareTo(from) < 0 || to.equals(Exposure.NONE);
  }

  /** The same by way of the percentage, where the flag cannot be turned off. */
  FlagOrder toNobody() {
    return new FlagOrder(flag, from, Exposure.NONE, false, note);
  }

  /** Empty where the message holds no order. */
  static Optional<FlagOrder> of(Message message) {
    try {
      JsonNode data = JSON.readTree(message.body()).path("data");
      JsonNode flag = data.path("flag");
      boolean whole =
          flag.path("key").isTextual()
              && data.path("from").isNumber()
              && data.path("to").isNumber();
      return whole ? Optional.of(read(message.id(), data, flag)) : Optional.empty();
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static FlagOrder read(String id, JsonNode data, JsonNode flag) {
    return new FlagOrder(
        new Flag(
            flag.path("key").asText(),
            text(flag, "project"),
            text(flag, "environment"),
            text(flag, "owned")),
        new Exposure(data.path("from").asDouble()),
        new Exposure(data.path("to").asDouble()),
        data.path("action").asText().equals("disable"),
        new Note(id, sentence(data)));
  }

  private static Optional<String> text(JsonNode node, String field) {
    return Optional.of(node.path(field)).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  private static String sentence(JsonNode data) {
    return "Sluice, plan "
        + data.path("plan").asText()
        + ", step "
        + data.path("step").asText()
        + ": "
        + data.path("reason").path("sentence").asText();
  }
}

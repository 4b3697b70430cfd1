package dev.sluice.service.json;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** How {@link dev.sluice.analyzer.Buckets} looks: it guards its arrays and so is no record. */
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.NONE)
@JsonPropertyOrder({"edges", "counts"})
abstract class BucketsShape {

  @JsonCreator
  BucketsShape(
      @JsonProperty(value = "edges", required = true) double[] edges,
      @JsonProperty(value = "counts", required = true) double[] counts) {}

  @JsonProperty("edges")
  abstract double[] edges();

  @JsonProperty("counts")
  abstract double[] counts();
}

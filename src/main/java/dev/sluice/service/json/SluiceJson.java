package dev.sluice.service.json;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.sluice.analyzer.Buckets;
import dev.sluice.gates.rollout.RolloutId;

/**
 * The house's JSON.
 *
 * <p>The types of the pure modules carry no annotations; what they are is read from their shape:
 *
 * <ul>
 *   <li>a record is an object of its components, in their order; an absent optional is left out,
 *       everything else must be there when read;
 *   <li>a member of a sealed family has its simple name in "type", in camelCase: {@code
 *       {"type":"stepEntered",...}};
 *   <li>instants, durations and local times are ISO 8601 text; a rollout's id is a string;
 *   <li>a double is written so that the same bits are read again; infinities and NaN, which JSON
 *       lacks, are the strings "Infinity", "-Infinity" and "NaN";
 *   <li>sets, and maps that have no order of their own, are written sorted, so that equal values
 *       give equal text in every process.
 * </ul>
 *
 * <p>Reading refuses unknown and repeated properties, text after the value, numbers that are cut or
 * overflow, and words where numbers belong.
 */
public final class SluiceJson {
  private static final JsonMapper MAPPER = build();

  private SluiceJson() {}

  /**
   * The mapper itself, shared: not to be reconfigured. Lists of sealed types at the root need
   * {@code writerFor} with a full type, because Java forgets the element's family.
   */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /** Compact text of a record or a member of a sealed family. */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "cannot write " + value.getClass().getName() + " as JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** Fails with {@link Unreadable}. */
  public static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new Unreadable(type, e);
    }
  }

  /** Text that is not what was expected; the message says what, and where in the text. */
  public static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreadable(Class<?> type, JsonProcessingException cause) {
      super(
          "not a readable "
              + type.getSimpleName()
              + path(cause)
              + ": "
              + firstLine(cause.getOriginalMessage()),
          cause);
    }

    private static String path(JsonProcessingException cause) {
      String path = cause instanceof JsonMappingException m ? dotted(m) : "";
      if (!path.isEmpty()) {
        return " at " + path;
      }
      return cause.getLocation() == null
          ? ""
          : " at line "
              + cause.getLocation().getLineNr()
              + ", column "
              + cause.getLocation().getColumnNr();
    }

    private static String dotted(JsonMappingException cause) {
      StringBuilder path = new StringBuilder();
      for (JsonMappingException.Reference step : cause.getPath()) {
        if (step.getFieldName() == null) {
          path.append('[').append(step.getIndex()).append(']');
        } else {
          path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
        }
      }
      return path.toString();
    }

    private static String firstLine(String message) {
      return message.lines().findFirst().orElse("");
    }
  }

  private static JsonMapper build() {
    return JsonMapper.builder()
        .annotationIntrospector(
            AnnotationIntrospector.pair(
                new JacksonAnnotationIntrospector(), new ShapeIntrospector()))
        .addModules(new Jdk8Module(), new JavaTimeModule(), Doubles.module())
        .addMixIn(Buckets.class, BucketsShape.class)
        .addMixIn(RolloutId.class, RolloutIdShape.class)
        // A record is its components: a method that happens to be called getX is not part of it.
        .visibility(PropertyAccessor.GETTER, Visibility.NONE)
        .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
        .visibility(PropertyAccessor.FIELD, Visibility.ANY)
        .defaultPropertyInclusion(
            JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(
            SerializationFeature.WRITE_DATES_AS_TIMESTAMPS,
            SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
            DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
            DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .build();
  }
}

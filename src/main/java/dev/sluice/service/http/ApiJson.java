package dev.sluice.service.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import dev.sluice.service.http.view.Words;
import dev.sluice.service.json.SluiceJson;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * JSON as it is shown, which differs from JSON as it is stored in three ways: every key is always
 * there, with null where there is nothing, so that a path into an answer never misses; a number
 * that JSON cannot write is null and never a string; constants are the camelCase words of the plan
 * format.
 */
public final class ApiJson {
  private static final JsonMapper MAPPER =
      SluiceJson.mapper()
          .rebuild()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.ALWAYS, JsonInclude.Include.ALWAYS))
          .addModule(
              new SimpleModule("sluice-shown")
                  .addSerializer(double.class, new FiniteOrNull())
                  .addSerializer(Double.class, new FiniteOrNull())
                  .addSerializer(Enum.class, new CamelCase()))
          .build();

  private ApiJson() {}

  public static JsonMapper mapper() {
    return MAPPER;
  }

  public static Buffer write(Object value) {
    try {
      return Buffer.buffer(MAPPER.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "cannot write " + value.getClass().getName() + " as JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** The fields of a record. */
  static ObjectNode object(Object record) {
    return MAPPER.valueToTree(record);
  }

  private static final class FiniteOrNull extends StdScalarSerializer<Double> {
    private static final long serialVersionUID = 1L;

    FiniteOrNull() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator to, SerializerProvider context)
        throws IOException {
      if (Double.isFinite(value)) {
        to.writeNumber(value);
      } else {
        to.writeNull();
      }
    }
  }

  @SuppressWarnings("rawtypes") // Jackson looks serializers up by the raw class.
  private static final class CamelCase extends StdScalarSerializer<Enum> {
    private static final long serialVersionUID = 1L;

    CamelCase() {
      super(Enum.class);
    }

    @Override
    public void serialize(Enum value, JsonGenerator to, SerializerProvider context)
        throws IOException {
      to.writeString(Words.of((Enum<?>) value));
    }
  }
}

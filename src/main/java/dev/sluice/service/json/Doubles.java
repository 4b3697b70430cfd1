package dev.sluice.service.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;

/**
 * Doubles that come back bit for bit. An interval that nothing bounds yet has an infinite end, and
 * that is a fact to be kept; a number too large for a double is a mistake and not an infinity.
 */
final class Doubles {
  private Doubles() {}

  static SimpleModule module() {
    return new SimpleModule("sluice-doubles")
        .addSerializer(double.class, new Writer())
        .addSerializer(Double.class, new Writer())
        .addDeserializer(double.class, new Reader())
        .addDeserializer(Double.class, new Reader());
  }

  private static final class Writer extends StdScalarSerializer<Double> {
    private static final long serialVersionUID = 1L;

    Writer() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator to, SerializerProvider context)
        throws IOException {
      if (Double.isFinite(value)) {
        to.writeNumber(value);
      } else {
        to.writeString(Double.toString(value));
      }
    }
  }

  private static final class Reader extends StdScalarDeserializer<Double> {
    private static final long serialVersionUID = 1L;

    Reader() {
      super(Double.class);
    }

    @Override
    public Double deserialize(JsonParser from, DeserializationContext context) throws IOException {
      JsonToken token = from.currentToken();
      if (token == JsonToken.VALUE_STRING) {
        return named(from.getText(), context);
      }
      if (token == null || !token.isNumeric()) {
        return (Double) context.handleUnexpectedToken(Double.class, from);
      }
      double value = from.getDoubleValue();
      if (Double.isInfinite(value)) {
        return (Double)
            context.handleWeirdNumberValue(Double.class, value, "%s is too large", from.getText());
      }
      return value;
    }

    private static Double named(String text, DeserializationContext context) throws IOException {
      return switch (text) {
        case "Infinity" -> Double.POSITIVE_INFINITY;
        case "-Infinity" -> Double.NEGATIVE_INFINITY;
        case "NaN" -> Double.NaN;
        default ->
            (Double)
                context.handleWeirdStringValue(
                    Double.class, text, "a number, \"Infinity\", \"-Infinity\" or \"NaN\" is due");
      };
    }
  }
}

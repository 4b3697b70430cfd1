package dev.sluice.service.template;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** How a value is kept from being read as anything but a value. */
public enum Escaping {
  /** Inside of a JSON string: the quotation marks stand in the template. */
  JSON {
    @Override
    String escaped(String text) {
      return String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text));
    }
  },
  /** In a form, and in the path or the query of an address. */
  URL {
    @Override
    String escaped(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
  },
  /** Plain text has nothing to escape. */
  NONE {
    @Override
    String escaped(String text) {
      return text;
    }
  };

  abstract String escaped(String text);
}

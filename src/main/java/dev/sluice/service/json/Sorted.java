package dev.sluice.service.json;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.Converter;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Puts collections without an order of their own into one before they are written. The order of
 * {@code Map.copyOf} and {@code Set.copyOf} changes from one process to the next; what is stored,
 * hashed or compared must not.
 */
final class Sorted {
  private Sorted() {}

  /** Maps that keep an order (a LinkedHashMap, say) are left in it. */
  record Maps(JavaType type) implements Converter<Map<String, ?>, Map<String, ?>> {

    @Override
    public Map<String, ?> convert(Map<String, ?> map) {
      if (map.getClass() != Map.of().getClass() && map.getClass() != HashMap.class) {
        return map;
      }
      Map<String, Object> sorted = new LinkedHashMap<>();
      map.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(e -> sorted.put(e.getKey(), e.getValue()));
      return sorted;
    }

    @Override
    public JavaType getInputType(TypeFactory factory) {
      return type;
    }

    @Override
    public JavaType getOutputType(TypeFactory factory) {
      return type;
    }
  }

  /** Strings and enums, in their natural order. */
  record Sets(JavaType type) implements Converter<Set<?>, Collection<?>> {

    @Override
    public Collection<?> convert(Set<?> set) {
      return set instanceof SequencedSet<?> ? set : set.stream().sorted().toList();
    }

    @Override
    public JavaType getInputType(TypeFactory factory) {
      return type;
    }

    @Override
    public JavaType getOutputType(TypeFactory factory) {
      return factory.constructCollectionType(Collection.class, type.getContentType());
    }
  }
}

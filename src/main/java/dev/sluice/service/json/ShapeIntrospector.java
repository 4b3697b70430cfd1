package dev.sluice.service.json;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the shape of a type what others write as annotations: sealed families, optional and
 * required components, and which collections have no order of their own.
 */
final class ShapeIntrospector extends NopAnnotationIntrospector {
  private static final long serialVersionUID = 1L;
  private static final String TYPE = "type";
  private static final Set<Class<?>> OPTIONALS =
      Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

  @Override
  public Version version() {
    return Version.unknownVersion();
  }

  @Override
  public @Nullable TypeResolverBuilder<?> findTypeResolver(
      MapperConfig<?> config, AnnotatedClass type, JavaType baseType) {
    if (family(type.getRawType()).isEmpty()) {
      return null;
    }
    return new StdTypeResolverBuilder()
        .init(JsonTypeInfo.Id.NAME, null)
        .inclusion(JsonTypeInfo.As.PROPERTY)
        .typeProperty(TYPE);
  }

  @Override
  public @Nullable List<NamedType> findSubtypes(Annotated type) {
    if (!(type instanceof AnnotatedClass) || !type.getRawType().isSealed()) {
      return null;
    }
    List<NamedType> named = new ArrayList<>();
    members(type.getRawType()).forEach(m -> named.add(new NamedType(m, name(m))));
    return named;
  }

  @Override
  public @Nullable String findTypeName(AnnotatedClass type) {
    return family(type.getRawType()).isEmpty() ? null : name(type.getRawType());
  }

  @Override
  public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
    return member.getDeclaringClass().isRecord() ? !OPTIONALS.contains(member.getRawType()) : null;
  }

  @Override
  public @Nullable Object findSerializationConverter(Annotated annotated) {
    if (!(annotated instanceof AnnotatedMember)) {
      return null;
    }
    JavaType type = annotated.getType();
    if (Map.class.isAssignableFrom(type.getRawClass())) {
      return new Sorted.Maps(type);
    }
    return Set.class.isAssignableFrom(type.getRawClass()) ? new Sorted.Sets(type) : null;
  }

  /**
   * The sealed interface a type is, or belongs to. A family stays in one package; without that rule
   * even a Double would be a member of one (the JDK's ConstantDesc is sealed).
   */
  private static Optional<Class<?>> family(Class<?> type) {
    if (type.isSealed()) {
      return Optional.of(type);
    }
    return Arrays.stream(type.getInterfaces())
        .filter(c -> c.isSealed() && c.getPackageName().equals(type.getPackageName()))
        .<Class<?>>map(c -> c)
        .findFirst();
  }

  private static Stream<Class<?>> members(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(c -> c.isSealed() ? members(c) : Stream.of(checked(c)));
  }

  private static Class<?> checked(Class<?> member) {
    RecordComponent[] components =
        member.isRecord() ? member.getRecordComponents() : new RecordComponent[0];
    if (Arrays.stream(components).anyMatch(c -> c.getName().equals(TYPE))) {
      throw new IllegalStateException(
          member.getName() + " has a component called '" + TYPE + "', which names the alternative");
    }
    return member;
  }

  private static String name(Class<?> type) {
    String name = type.getSimpleName();
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }
}

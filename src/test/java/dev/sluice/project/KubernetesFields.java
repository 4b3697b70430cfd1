package dev.sluice.project;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Finds what Kubernetes would not understand. The typed models keep fields they do not know in
 * {@code getAdditionalProperties()} at every level; the whole tree is walked and each of them must
 * be empty.
 */
final class KubernetesFields {
  private static final String MODELS = "io.fabric8.kubernetes.api.model";

  private final KubernetesSerialization serialization = new KubernetesSerialization();
  private final List<String> unknown = new ArrayList<>();

  /**
   * The object a manifest describes; the model's own class, so that an unknown kind is no object.
   */
  Object read(String manifest) {
    Object object = serialization.<Object>unmarshal(manifest);
    if (object instanceof GenericKubernetesResource other) {
      throw new IllegalArgumentException(
          "Kubernetes has no " + other.getApiVersion() + " " + other.getKind());
    }
    return object;
  }

  /** Paths of all fields that the model does not know: "spec.template.spec.containers[0].portz". */
  List<String> unknown(String manifest) {
    unknown.clear();
    walk("", read(manifest));
    return List.copyOf(unknown);
  }

  private void walk(String path, Object value) {
    if (value instanceof Collection<?> list) {
      int i = 0;
      for (Object element : list) {
        walk(path + "[" + i++ + "]", element);
      }
    } else if (value.getClass().getPackageName().startsWith(MODELS) && !value.getClass().isEnum()) {
      fields(path.isEmpty() ? "" : path + ".", value);
    }
  }

  private void fields(String prefix, Object model) {
    for (Method getter : model.getClass().getMethods()) {
      if (!getter.getName().startsWith("get") || getter.getParameterCount() > 0) {
        continue;
      }
      Object value = get(getter, model);
      if (getter.getName().equals("getAdditionalProperties") && value instanceof Map<?, ?> extra) {
        extra.keySet().forEach(key -> unknown.add(prefix + key));
      } else if (value != null) {
        String name = getter.getName().substring(3);
        walk(
            prefix + name.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + name.substring(1),
            value);
      }
    }
  }

  private static Object get(Method getter, Object model) {
    try {
      return getter.invoke(model);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + getter, e);
    }
  }
}

package dev.sluice.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class KubernetesFieldsTest {
  private final KubernetesFields fields = new KubernetesFields();

  @Test
  void aMisspeltFieldIsFoundAtAnyDepth() {
    String manifest =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: x, lables: { a: b } }
        spec:
          replicaz: 1
          template:
            spec:
              containers:
                - name: x
                  portz: [ { containerPort: 1 } ]
                  livenessProbe: { httpGet: { path: /, port: 1, hots: x } }
        """;
    assertEquals(
        List.of(
            "metadata.lables",
            "spec.replicaz",
            "spec.template.spec.containers[0].livenessProbe.httpGet.hots",
            "spec.template.spec.containers[0].portz"),
        fields.unknown(manifest).stream().sorted().toList());
  }

  @Test
  void aKindThatDoesNotExistIsRefused() {
    String manifest =
        """
        apiVersion: apps/v1
        kind: Deploymint
        metadata: { name: x }
        """;
    assertThrows(RuntimeException.class, () -> fields.unknown(manifest));
  }
}

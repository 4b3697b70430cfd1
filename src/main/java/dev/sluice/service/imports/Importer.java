package dev.sluice.service.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the configuration of another tool and writes a plan. Pure: the same text, the same plan.
 */
public final class Importer {
  private Importer() {}

  /**
   * @param text YAML with any number of documents, or JSON
   */
  public static Imported read(Dialect dialect, String text) throws ImportException {
    List<JsonNode> documents = documents(text);
    return switch (dialect) {
      case kayenta -> KayentaImport.of(documents);
      case argo -> ArgoImport.of(documents);
      case flagger -> FlaggerImport.of(documents);
      case keptn -> KeptnImport.of(documents);
    };
  }

  private static List<JsonNode> documents(String text) throws ImportException {
    List<JsonNode> documents = new ArrayList<>();
    try (var values = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(text)) {
      while (values.hasNext()) {
        JsonNode document = values.next();
        if (document.path("kind").asText().equals("List")) {
          document.path("items").forEach(documents::add);
        } else if (document.isObject()) {
          documents.add(document);
        }
      }
    } catch (JsonProcessingException e) {
      throw new ImportException("this is neither YAML nor JSON: " + e.getOriginalMessage());
    } catch (IOException | RuntimeException e) {
      throw new ImportException("this is neither YAML nor JSON: " + e.getMessage());
    }
    if (documents.isEmpty()) {
      throw new ImportException("there is nothing in this text");
    }
    return documents;
  }

  static List<JsonNode> ofKind(List<JsonNode> documents, String... kinds) {
    return documents.stream()
        .filter(d -> List.of(kinds).contains(d.path("kind").asText()))
        .toList();
  }

  static String name(JsonNode object) {
    return object.at("/metadata/name").asText("");
  }
}

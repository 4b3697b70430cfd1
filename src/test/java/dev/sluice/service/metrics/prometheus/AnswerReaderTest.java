package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.service.metrics.prometheus.AnswerReader.Read;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {
  private static final String MATRIX =
      """
      {"status":"success","data":{"resultType":"matrix","result":[
        {"metric":{"__name__":"x","job":"ä\\u00e9"},"values":[[1767225645,"9"],[1767225660.25,"1.5e3"]]},
        {"metric":{},"values":[[1767225645,"NaN"],[1767225646,"+Inf"],[1767225647,"-Inf"]]}]}}
      """;

  private static Read read(String json, int maxSeries, int piece) throws Unreadable {
    AnswerReader reader = new AnswerReader(maxSeries);
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i += piece) {
      reader.feed(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + piece)));
    }
    return reader.finish();
  }

  private static Answer answer(String json) throws Unreadable {
    return assertInstanceOf(Read.Success.class, read(json, 100, 8192)).answer();
  }

  private static Unreadable unreadable(String json) {
    return assertThrows(Unreadable.class, () -> read(json, 100, 8192));
  }

  @Test
  void aMatrixIsReadWhereverItIsCutIntoPieces() throws Unreadable {
    String whole = read(MATRIX, 100, 8192).toString();

    for (int piece = 1; piece < 40; piece++) {
      assertEquals(whole, read(MATRIX, 100, piece).toString());
    }
    Answer answer = answer(MATRIX);
    assertEquals(Answer.Type.MATRIX, answer.type());
    assertEquals(Map.of("__name__", "x", "job", "äé"), answer.series().get(0).labels());
    Points points = answer.series().get(0).points();
    assertEquals(1767225660250L, points.time(1));
    assertEquals(1500, points.value(1));
    assertEquals(
        "[NaN@1767225645000, Infinity@1767225646000, -Infinity@1767225647000]",
        answer.series().get(1).points().toString());
  }

  @Test
  void aVectorAScalarAndAStringAreRead() throws Unreadable {
    assertEquals(
        "[0.25@1500]",
        answer(
                "{\"status\":\"success\",\"data\":{\"result\":[{\"metric\":{},\"value\":[1.5,\"0.25\"]}],\"resultType\":\"vector\"}}")
            .series()
            .get(0)
            .points()
            .toString());
    assertEquals(
        "[2.0@1000]",
        answer("{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"2\"]}}")
            .series()
            .get(0)
            .points()
            .toString());
    assertEquals(
        Answer.Type.STRING,
        answer(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"string\",\"result\":[1,\"two\"]}}")
            .type());
    assertEquals(
        List.of(),
        answer("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}")
            .series());
  }

  @Test
  void nativeHistogramsAreRead() throws Unreadable {
    Answer answer =
        answer(
            """
            {"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"h"},
             "histograms":[[10,{"count":"6","sum":"3.5","buckets":[[3,"-0.001","0.001","1"],[0,"0.5","1","5"]]}],
                           [25,{"count":"7","sum":"4","buckets":[[0,"0.5","1","7"]]}]]}]}}
            """);

    List<NativeHistogram> histograms = answer.series().get(0).histograms();
    assertEquals(10_000, histograms.get(0).time());
    assertEquals(6, histograms.get(0).count());
    assertEquals(new NativeHistogram.Bucket(0.5, 1, 5), histograms.get(0).buckets().get(1));
    assertEquals(7, histograms.get(1).buckets().get(0).count());
  }

  @Test
  void warningsAreKeptBoundedAndInfosAreNot() throws Unreadable {
    Answer answer =
        answer(
            "{\"status\":\"success\",\"infos\":[\"no _total\"],\"warnings\":[\"store\\n away\",\""
                + "x".repeat(5000)
                + "\"],\"data\":{\"resultType\":\"vector\",\"result\":[]}}");

    assertEquals("store away", answer.warnings().get(0));
    assertTrue(answer.warnings().get(1).length() < 400);
    assertEquals(2, answer.warnings().size());
  }

  @Test
  void theApisOwnErrorIsAFailure() throws Unreadable {
    assertEquals(
        new Read.Failure("bad_data", "parse error"),
        read("{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error\"}", 1, 99));
  }

  @Test
  void anAnswerCutAnywhereIsNeverTakenForWhole() {
    byte[] whole = MATRIX.strip().getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      AnswerReader reader = new AnswerReader(100);
      Unreadable e =
          assertThrows(
              Unreadable.class,
              () -> {
                reader.feed(part);
                reader.finish();
              });
      assertEquals(Absence.MALFORMED, e.why());
    }
  }

  @Test
  void tooManySeriesAreNoticedWhileReading() throws Unreadable {
    AnswerReader reader = new AnswerReader(2);
    reader.feed(
        "{\"data\":{\"result\":[{\"metric\":{}},{\"metric\":{}},".getBytes(StandardCharsets.UTF_8));

    Unreadable e =
        assertThrows(
            Unreadable.class, () -> reader.feed("{\"metric\"".getBytes(StandardCharsets.UTF_8)));

    assertEquals(Absence.TOO_MANY_SERIES, e.why());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html><body>Sign in</body></html>",
        "",
        "null",
        "[]",
        "42",
        "{}",
        "{\"status\":\"ok\"}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"cube\",\"result\":[]}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"value\":[1]}]}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"value\":[1,\"one\"]}]}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"value\":[1,\"2\",\"3\"]}]}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}} and more",
      })
  void whatIsNotAnAnswerIsMalformed(String body) {
    assertEquals(Absence.MALFORMED, unreadable(body).why());
  }

  @Test
  void hostileShapesAreRefusedAtOnce() {
    assertEquals(Absence.MALFORMED, unreadable("{\"data\":" + "[".repeat(1000)).why());
    assertEquals(Absence.MALFORMED, unreadable("{\"status\":\"" + "x".repeat(1_000_000)).why());
    assertEquals(
        Absence.MALFORMED, unreadable("{\"data\":{\"result\":[1" + "0".repeat(1000)).why());
    assertEquals(
        Absence.MALFORMED,
        unreadable("{\"data\":{\"result\":[1,\"" + "9".repeat(1000) + "\"]}}").why());
  }

  @Test
  void randomDamageNeverEscapesAsAnException() throws Unreadable {
    byte[] whole = MATRIX.getBytes(StandardCharsets.UTF_8);
    Random random = new Random(7);
    for (int round = 0; round < 5000; round++) {
      byte[] damaged = whole.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      AnswerReader reader = new AnswerReader(100);
      try {
        reader.feed(damaged);
        reader.finish();
      } catch (Unreadable expected) {
        assertEquals(Absence.MALFORMED, expected.why());
      }
    }
  }
}

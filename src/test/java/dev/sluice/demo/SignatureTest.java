package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The vector was signed with the reference library of Standard Webhooks (npm, 1.1.1). */
class SignatureTest {
  private static final String ID = "dec_01JD0000000000000000000001";
  private static final String TIMESTAMP = "1795428930";
  private static final String SIGNATURE = "v1,Fige5eF5257CimYsYN1XTyKo6Vw9Gy6o1Iyp6DyLe5A=";
  private static final byte[] BODY =
      ("{\"specversion\":\"1.0\",\"id\":\"dec_01JD0000000000000000000001\",\"source\":\"/gates/checkout-v2\","
              + "\"type\":\"gate.decision.rollback.v1\",\"subject\":\"checkout-v2/users-10\","
              + "\"time\":\"2026-11-23T10:15:30Z\",\"datacontenttype\":\"application/json\","
              + "\"data\":{\"plan\":\"checkout-v2\",\"step\":\"users-10\",\"decision\":\"rollback\",\"from\":10,\"to\":0}}")
          .getBytes(StandardCharsets.UTF_8);

  private final Signature signature =
      new Signature("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
  private final Instant sent = Instant.ofEpochSecond(1_795_428_930L);

  @Test
  void theReferenceVectorIsBelieved() {
    assertEquals(Optional.empty(), objection(ID, TIMESTAMP, SIGNATURE, BODY, sent));
  }

  @Test
  void oneOfSeveralSignaturesIsEnoughWhileAKeyIsRotated() {
    String both = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= " + SIGNATURE;
    assertEquals(Optional.empty(), objection(ID, TIMESTAMP, both, BODY, sent));
  }

  @Test
  void aChangedBodyIdOrSecretIsRefused() {
    byte[] changed = BODY.clone();
    changed[changed.length - 3] = '9';
    assertTrue(objection(ID, TIMESTAMP, SIGNATURE, changed, sent).isPresent());
    assertTrue(objection("another", TIMESTAMP, SIGNATURE, BODY, sent).isPresent());
    Signature other = new Signature("whsec_ZZZyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    assertTrue(
        other.objection(new Signature.Headers(ID, TIMESTAMP, SIGNATURE), BODY, sent).isPresent());
  }

  @Test
  void anOldMessageSentAgainIsRefused() {
    assertEquals(
        Optional.empty(), objection(ID, TIMESTAMP, SIGNATURE, BODY, sent.plusSeconds(300)));
    assertTrue(objection(ID, TIMESTAMP, SIGNATURE, BODY, sent.plusSeconds(301)).isPresent());
    assertTrue(objection(ID, TIMESTAMP, SIGNATURE, BODY, sent.minusSeconds(301)).isPresent());
    assertTrue(objection(ID, "999999999999999999", SIGNATURE, BODY, sent).isPresent());
    assertTrue(objection(ID, "yesterday", SIGNATURE, BODY, sent).isPresent());
  }

  @Test
  void aMissingHeaderIsNamed() {
    Optional<String> objection =
        signature.objection(new Signature.Headers(ID, TIMESTAMP, null), BODY, sent);
    assertTrue(objection.orElse("").contains("webhook-signature"), objection::toString);
  }

  @Test
  void aSecretOfAnotherKindIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Signature("hunter2"));
  }

  private Optional<String> objection(
      String id, String timestamp, String header, byte[] body, Instant now) {
    return signature.objection(new Signature.Headers(id, timestamp, header), body, now);
  }
}

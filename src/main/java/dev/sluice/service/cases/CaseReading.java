package dev.sluice.service.cases;

/** What came of reading one case. */
public sealed interface CaseReading {

  record Ok(Case read) implements CaseReading {}

  /**
   * @param where the file and the case in it
   * @param why one sentence
   */
  record Broken(String where, String why) implements CaseReading {}
}

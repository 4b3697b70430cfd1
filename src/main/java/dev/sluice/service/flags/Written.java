package dev.sluice.service.flags;

/** What came of a write. */
public sealed interface Written {

  /** The system has accepted it. Where the flag stands now is for a reading to tell. */
  record Done() implements Written {}

  /** Somebody changed the flag since it was read. Nothing was written. */
  record Overtaken() implements Written {}

  /** Not done, or nobody knows: the answer may have been lost on its way. */
  record NotDone(Trouble trouble) implements Written {}
}

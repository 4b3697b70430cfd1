package dev.sluice.service.store;

/**
 * The store cannot do its work: disk, file, permission or lock. The message is one or two sentences
 * for people: which file, what is wrong, what to do. Nothing of the failed write remains.
 */
public final class StoreTrouble extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreTrouble(String sentence) {
    super(sentence);
  }

  public StoreTrouble(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}

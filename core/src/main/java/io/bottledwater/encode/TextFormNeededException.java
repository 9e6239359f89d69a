package io.bottledwater.encode;

/**
 * Values came in binary form that can only be read as text. Nothing of the transaction has been
 * committed, and the source is to be asked again, for text.
 */
public final class TextFormNeededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param reason a clause that follows "because"
   */
  public TextFormNeededException(String reason) {
    super(reason);
  }
}

package io.bottledwater.schema;

import io.bottledwater.error.BottledWaterException;
import io.bottledwater.error.ErrorCode;

/**
 * {@code BW-SCHEMA-REFUSED}, because the schema does not fit the earlier ones of its subject at the
 * subject's level of compatibility; under another subject it would be taken.
 */
public final class IncompatibleSchemaException extends BottledWaterException {
  private static final long serialVersionUID = 1L;

  public IncompatibleSchemaException(String found, String advice, Throwable cause) {
    super(ErrorCode.SCHEMA_REFUSED, found, advice, cause);
  }

  public IncompatibleSchemaException(String found) {
    super(ErrorCode.SCHEMA_REFUSED, found);
  }
}

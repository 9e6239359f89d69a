package io.bottledwater.registry.server;

/**
 * A request that is answered with an error: HTTP status, and the registry's own code in the body.
 * The codes are those of Confluent's API, which clients compare with.
 */
final class RegistryError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final int code;

  RegistryError(int status, int code, String message) {
    // No stack trace: this is an answer, not a fault.
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  int code() {
    return code;
  }

  /** Never null, other than {@link #getMessage}. */
  String text() {
    return String.valueOf(getMessage());
  }

  static RegistryError subjectNotFound(String subject) {
    return new RegistryError(404, 40401, "Subject '" + subject + "' not found.");
  }

  static RegistryError versionNotFound(int version) {
    return new RegistryError(404, 40402, "Version " + version + " not found.");
  }

  static RegistryError schemaNotFound() {
    return new RegistryError(404, 40403, "Schema not found");
  }

  static RegistryError schemaNotFound(int id) {
    return new RegistryError(404, 40403, "Schema " + id + " not found");
  }

  static RegistryError subjectSoftlyDeleted(String subject) {
    return new RegistryError(
        404,
        40404,
        "Subject '" + subject + "' was soft deleted. Set permanent=true to delete permanently");
  }

  static RegistryError subjectNotSoftlyDeleted(String subject) {
    return new RegistryError(
        404,
        40405,
        "Subject '" + subject + "' was not deleted first before being permanently deleted");
  }

  static RegistryError versionSoftlyDeleted(String subject, int version) {
    return new RegistryError(
        404,
        40406,
        "Subject '"
            + subject
            + "' Version "
            + version
            + " was soft deleted. Set permanent=true to delete permanently");
  }

  static RegistryError versionNotSoftlyDeleted(String subject, int version) {
    return new RegistryError(
        404,
        40407,
        "Subject '"
            + subject
            + "' Version "
            + version
            + " was not deleted first before being permanently deleted");
  }

  static RegistryError noSubjectLevel(String subject) {
    return new RegistryError(
        404,
        40408,
        "Subject '" + subject + "' does not have subject-level compatibility configured");
  }

  static RegistryError noSubjectMode(String subject) {
    return new RegistryError(
        404, 40409, "Subject '" + subject + "' does not have subject-level mode configured");
  }

  static RegistryError invalidSchema(String why) {
    return new RegistryError(422, 42201, "Invalid schema: " + why);
  }

  static RegistryError invalidVersion(String version) {
    return new RegistryError(
        422,
        42202,
        "The specified version '"
            + version
            + "' is not a valid version id. Allowed values are between [1, 2^31-1] and the string"
            + " \"latest\"");
  }

  static RegistryError invalidLevel() {
    return new RegistryError(
        422,
        42203,
        "Invalid compatibility level. Valid values are none, backward, forward, full,"
            + " backward_transitive, forward_transitive, and full_transitive");
  }

  static RegistryError invalidMode() {
    return new RegistryError(
        422, 42204, "Invalid mode. Valid values are READWRITE, READONLY and READONLY_OVERRIDE");
  }

  static RegistryError notPermitted(String why) {
    return new RegistryError(422, 42205, why);
  }

  static RegistryError stillReferenced() {
    return new RegistryError(422, 42206, "One or more references exist to the schema");
  }

  static RegistryError invalidSubject(String subject) {
    return new RegistryError(422, 42208, "The specified subject '" + subject + "' is not valid");
  }

  static RegistryError incompatible(String why) {
    return new RegistryError(409, 409, why);
  }

  static RegistryError storeFailed() {
    return new RegistryError(
        500, 50001, "Error in the backend data store: Kafka did not take the write");
  }

  static RegistryError timedOut() {
    return new RegistryError(500, 50002, "Operation timed out");
  }
}

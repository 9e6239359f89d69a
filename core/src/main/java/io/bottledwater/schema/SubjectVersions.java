package io.bottledwater.schema;

import java.util.List;
import java.util.Optional;

/** The half of a schema registry that reads: formats that go on from earlier versions need it. */
public interface SubjectVersions {
  /**
   * The newest version of a subject, asked for anew each time.
   *
   * @throws io.bottledwater.error.BottledWaterException {@code BW-REGISTRY-UNREACHABLE} after the
   *     retries
   */
  Optional<SubjectVersion> newest(String subject);

  /**
   * The versions of a subject whose numbers are above {@code after}, in their order, asked for anew
   * each time.
   *
   * @throws io.bottledwater.error.BottledWaterException as {@link #newest}
   */
  List<SubjectVersion> versionsAfter(String subject, int after);
}

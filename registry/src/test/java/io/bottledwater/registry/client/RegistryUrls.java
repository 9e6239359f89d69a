package io.bottledwater.registry.client;

import io.bottledwater.config.OptionValueException;
import io.bottledwater.config.RegistryUrl;
import java.util.List;

/** URLs as the command line reads them. */
public final class RegistryUrls {
  private RegistryUrls() {}

  public static List<RegistryUrl> of(String text) {
    try {
      return RegistryUrl.parseList(text);
    } catch (OptionValueException e) {
      throw new IllegalArgumentException(e);
    }
  }
}

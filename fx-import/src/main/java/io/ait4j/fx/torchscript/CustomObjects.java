package io.ait4j.fx.torchscript;

import io.ait4j.fx.archive.ZipArchive;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Objects of C++ classes in an archive. No graph can hold one, and libtorch would make them while
 * it loads, by code that trusts what it reads.
 */
final class CustomObjects {
  private static final List<String> PICKLES = List.of("data.pkl", "constants.pkl");
  private static final long LARGEST = 64L << 20;
  private static final Pattern CLASS =
      Pattern.compile("__torch__\\.torch\\.classes\\.?([\\w.]{0,100})(?:\n(\\w{0,100}))?");

  private CustomObjects() {}

  /** The class of one of them; empty if there are none. */
  static Optional<String> find(ZipArchive zip) {
    for (String name : PICKLES) {
      String entry = zip.root() + name;
      if (zip.has(entry)) {
        Matcher found =
            CLASS.matcher(new String(zip.bytes(entry, LARGEST), StandardCharsets.ISO_8859_1));
        if (found.find()) {
          return Optional.of(
              found.group(2) == null ? found.group(1) : found.group(1) + "." + found.group(2));
        }
      }
    }
    return Optional.empty();
  }
}

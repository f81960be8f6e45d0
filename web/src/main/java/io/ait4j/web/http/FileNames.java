package io.ait4j.web.http;

/** Names that senders give their files: shown to people, never part of a path. */
final class FileNames {
  private static final int MAX_LENGTH = 255;

  private FileNames() {}

  /** The last step of what may be a path, without control characters. */
  static String plain(String sent, String otherwise) {
    if (sent == null) {
      return otherwise;
    }
    String last = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
    String name =
        last.codePoints()
            .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT)
            .filter(c -> Character.getType(c) != Character.SURROGATE)
            .limit(MAX_LENGTH)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString()
            .strip();
    while (name.length() > MAX_LENGTH) { // characters of two units
      name = name.substring(0, name.offsetByCodePoints(name.length(), -1));
    }
    return name.isEmpty() ? otherwise : name;
  }
}

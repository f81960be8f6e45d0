package io.ait4j.compiler.ir;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A hand-written C++ header, a resource of the jar that brings it. It may include ours by their
 * names; its text is part of what a build is known by.
 *
 * @param name of the file, letters, digits and {@code _} and then {@code .h} or {@code .cuh}; two
 *     headers of one name in one library must be equal
 */
public record Header(String name, String text) {
  /** Names are unique over both. */
  private static final List<String> FOLDERS =
      List.of("/io/ait4j/compiler/cpu/", "/io/ait4j/compiler/cuda/");

  public Header {
    if (!name.matches("[A-Za-z0-9_]+\\.(h|cuh)")) {
      throw new IllegalArgumentException("header file " + name);
    }
  }

  /** One of this module's own. */
  public static Header own(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException("no header " + name));
  }

  /** One of this module's own, if there is one of that name. */
  public static Optional<Header> find(String name) {
    return FOLDERS.stream()
        .flatMap(folder -> read(Header.class, folder + name).stream())
        .map(text -> new Header(name, text))
        .findFirst();
  }

  /**
   * The resource {@code path}, found as {@link Class#getResource} says: beside {@code owner} unless
   * it begins with a slash.
   */
  public static Header of(Class<?> owner, String path) {
    String text =
        read(owner, path)
            .orElseThrow(
                () -> new IllegalArgumentException("no resource " + path + " of " + owner));
    return new Header(path.substring(path.lastIndexOf('/') + 1), text);
  }

  private static Optional<String> read(Class<?> owner, String path) {
    try (InputStream in = owner.getResourceAsStream(path)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

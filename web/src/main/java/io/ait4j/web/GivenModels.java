package io.ait4j.web;

import io.ait4j.fx.ModelException;
import io.ait4j.web.infer.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The {@code .aitm} files that the operator gave the server to serve. */
final class GivenModels {
  private static final String OWNER = "server";

  private GivenModels() {}

  /**
   * Looks at each file.
   *
   * @throws ModelException (USAGE) if one cannot be read
   */
  static List<ModelFile> of(Map<String, Path> files) {
    return files.entrySet().stream().map(e -> model(e.getKey(), e.getValue())).toList();
  }

  private static ModelFile model(String name, Path file) {
    Path path = file.toAbsolutePath().normalize();
    return new ModelFile(name, "1", OWNER, sha256(name, path), () -> path);
  }

  private static String sha256(String name, Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 17];
      for (int n; (n = in.read(buffer)) >= 0; ) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "cannot read the file of --model %s=%s: %s".formatted(name, file, e.getMessage()),
          e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}

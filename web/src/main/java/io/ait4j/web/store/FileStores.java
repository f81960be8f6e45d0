package io.ait4j.web.store;

import io.ait4j.fx.ModelException;
import java.net.URI;
import java.nio.file.Path;

/** Opens a store by its setting. */
public final class FileStores {
  private FileStores() {}

  /**
   * Opens {@code file:/path}, or {@code s3://bucket/prefix?endpoint=https://host&region=name} with
   * the credentials that the AWS SDK finds (environment, profile, instance).
   *
   * @throws ModelException (USAGE) if the setting is another, (IO) if the store cannot be used
   */
  public static FileStore open(String setting) {
    URI uri;
    try {
      uri = URI.create(setting);
    } catch (IllegalArgumentException e) {
      throw unknown(setting);
    }
    return switch (String.valueOf(uri.getScheme())) {
      case "file" -> FolderStore.open(Path.of(uri));
      case "s3" -> S3Store.open(S3Setting.parse(uri));
      default -> throw unknown(setting);
    };
  }

  private static ModelException unknown(String setting) {
    return new ModelException(
        ModelException.Kind.USAGE,
        "cannot use %s as a store; give file:/path or s3://bucket/prefix".formatted(setting));
  }
}

package io.ait4j.web.http;

import io.ait4j.web.store.ContentHash;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page at {@code /}: plain files of this package's resources, which ask the API as any other
 * client does. Everybody may have them, as they hold nothing of anybody's.
 */
public final class PageRoutes implements Routes {
  private static final String FOLDER = "/io/ait4j/web/page/";
  private static final Pattern NAME = Pattern.compile("[a-z-]{1,40}\\.(?<kind>js|css|svg)");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  private final Map<String, PageFile> files = new ConcurrentHashMap<>();

  private record PageFile(byte[] bytes, String type, String tag) {}

  @Override
  public void addTo(Javalin app) {
    app.get("/", ctx -> send(ctx, find("index.html", "html")));
    app.get("/page/{file}", this::file);
  }

  private void file(Context ctx) {
    String name = ctx.pathParam("file");
    Matcher matcher = NAME.matcher(name);
    send(ctx, matcher.matches() ? find(name, matcher.group("kind")) : Optional.empty());
  }

  private static void send(Context ctx, Optional<PageFile> found) {
    PageFile file =
        found.orElseThrow(
            () -> new Problem(Problems.NOT_FOUND, "the page has no such file; it begins at /"));
    ctx.header("Cache-Control", "no-cache"); // a newer server has newer files
    ctx.header("ETag", file.tag);
    if (file.tag.equals(ctx.header("If-None-Match"))) {
      ctx.status(304);
    } else {
      ctx.contentType(file.type).result(file.bytes);
    }
  }

  private Optional<PageFile> find(String name, String kind) {
    try {
      return Optional.of(files.computeIfAbsent(name, file -> read(file, TYPES.get(kind))));
    } catch (UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private static PageFile read(String name, String type) {
    try (InputStream in = PageRoutes.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new NoSuchFileException(name);
      }
      byte[] bytes = in.readAllBytes();
      byte[] hash = ContentHash.begin().digest(bytes);
      return new PageFile(bytes, type, '"' + HexFormat.of().formatHex(hash, 0, 12) + '"');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

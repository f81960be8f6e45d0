package io.ait4j.web.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ait4j.web.access.ApiKey;
import io.ait4j.web.access.Keys;
import io.ait4j.web.access.Scope;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes, lists and revokes keys. */
final class KeyRoutes implements Routes {
  private final Keys keys;

  KeyRoutes(Keys keys) {
    this.keys = keys;
  }

  /** What a new key is to be. */
  private record Wanted(
      @JsonProperty("name") String name, @JsonProperty("scopes") List<String> scopes) {}

  @Override
  public void addTo(Javalin app) {
    app.post("/v1/keys", this::create, Scope.ADMIN);
    app.get("/v1/keys", this::list, Scope.ADMIN);
    app.delete("/v1/keys/{id}", this::revoke, Scope.ADMIN);
  }

  private void create(Context ctx) throws IOException {
    if (!ctx.isJson()) {
      throw new Problem(Problems.UNSUPPORTED_MEDIA_TYPE, "this path takes application/json");
    }
    Wanted wanted =
        StrictJson.read(JsonBody.read(ctx), Wanted.class, "the body", Problems.BAD_REQUEST);
    String name = FileNames.plain(wanted.name(), "");
    if (name.isEmpty() || !name.equals(wanted.name())) {
      throw new Problem(
          Problems.BAD_REQUEST, "a key's name has 1 to 255 visible characters and no slash");
    }
    Keys.Created created = keys.create(name, scopes(wanted.scopes()));
    Audit.note(ctx, "key.create", created.key().id());
    ctx.status(201).json(json(created.key()).put("key", created.secret()));
  }

  private static Set<Scope> scopes(List<String> names) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (Scope scope : Scope.values()) {
      if (names != null && names.contains(scope.toString())) {
        scopes.add(scope);
      }
    }
    if (names == null || scopes.isEmpty() || scopes.size() != new HashSet<>(names).size()) {
      throw new Problem(Problems.BAD_REQUEST, "scopes are one or more of convert, infer, admin");
    }
    return scopes;
  }

  private void list(Context ctx) {
    ObjectNode json = JobJson.JSON.createObjectNode();
    ArrayNode all = json.putArray("keys");
    keys.list().forEach(key -> all.add(json(key)));
    ctx.json(json);
  }

  private void revoke(Context ctx) {
    String id = ctx.pathParam("id");
    Audit.note(ctx, "key.revoke", id);
    if (!keys.revoke(id)) {
      throw new Problem(
          Problems.NOT_FOUND,
          "there is no key %s, or it was revoked".formatted(FileNames.plain(id, "")));
    }
    ctx.status(204);
  }

  private static ObjectNode json(ApiKey key) {
    ObjectNode json = JobJson.JSON.createObjectNode().put("id", key.id()).put("name", key.name());
    ArrayNode scopes = json.putArray("scopes");
    key.scopes().stream().sorted().map(Scope::toString).forEach(scopes::add);
    return json.put("created", key.created().toString())
        .put("revoked", key.revoked().map(Instant::toString).orElse(null))
        .put("last_used", key.lastUsed().map(Instant::toString).orElse(null));
  }
}

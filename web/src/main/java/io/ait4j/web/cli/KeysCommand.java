package io.ait4j.web.cli;

import io.ait4j.fx.ModelException;
import io.ait4j.lower.cli.Subcommand;
import io.ait4j.web.access.ApiKey;
import io.ait4j.web.access.AuditLog;
import io.ait4j.web.access.Keys;
import io.ait4j.web.access.Scope;
import io.ait4j.web.database.Database;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes the first key, and others. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = {
      "Makes, lists and revokes the API keys of the server that has the same --data or --database.",
      "An embedded database is one process's at a time: while its server runs, use /v1/keys."
    })
public final class KeysCommand implements Subcommand {
  private static final String CALLER = "operator";

  @Spec private CommandSpec spec;

  @Mixin private DatabaseOptions options = new DatabaseOptions();

  /** For the service loader. */
  public KeysCommand() {}

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "say what to do: create, list or revoke");
  }

  @Command(name = "create", description = "Makes a key and prints it, this once.")
  Integer create(
      @Parameters(paramLabel = "NAME", description = "Whose it is, or what for.") String name,
      @Option(
              names = "--scopes",
              split = ",",
              required = true,
              paramLabel = "SCOPE",
              description = "What it may do: convert, infer, admin; separated by commas.")
          Set<Scope> scopes) {
    return with(
        database -> {
          Keys.Created created = new Keys(database).create(name, scopes);
          note(database, "key.create", created.key().id());
          spec.commandLine().getOut().println(created.secret());
          return 0;
        });
  }

  @Command(name = "list", description = "Lists the keys, revoked ones too.")
  Integer list() {
    return with(
        database -> {
          PrintWriter out = spec.commandLine().getOut();
          for (ApiKey key : new Keys(database).list()) {
            String scopes =
                key.scopes().stream()
                    .sorted()
                    .map(Scope::toString)
                    .collect(Collectors.joining(","));
            out.printf(
                "%s  %-22s  made %s  used %s  %s%s%n",
                key.id(),
                scopes,
                key.created(),
                key.lastUsed().map(Instant::toString).orElse("never"),
                key.name(),
                key.revoked().map(at -> "  REVOKED " + at).orElse(""));
          }
          return 0;
        });
  }

  @Command(name = "revoke", description = "Makes a key useless, at once and for good.")
  Integer revoke(@Parameters(paramLabel = "ID", description = "As list shows it.") String id) {
    return with(
        database -> {
          if (!new Keys(database).revoke(id)) {
            throw new ModelException(
                ModelException.Kind.USAGE,
                "there is no key %s, or it was revoked; 'ait4j keys list' shows them"
                    .formatted(id));
          }
          note(database, "key.revoke", id);
          return 0;
        });
  }

  private Integer with(Function<Database, Integer> work) {
    DatabaseOptions where =
        Layered.fill(new DatabaseOptions(), System.getenv(), spec.commandLine().getParseResult());
    try (Database database = Database.open(where.database())) {
      return work.apply(database);
    }
  }

  private static void note(Database database, String action, String id) {
    new AuditLog(database).add(new AuditLog.Entry(Instant.now(), CALLER, "", action, id, 0));
  }
}

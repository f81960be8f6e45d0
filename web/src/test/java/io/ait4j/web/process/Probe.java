package io.ait4j.web.process;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A worker that tries what its arguments name, and says for each whether it could. */
public final class Probe implements Worker {
  private static final List<OutputStream> HELD = new ArrayList<>();
  private static final MemorySegment PAIR = Arena.global().allocate(8, 8);

  @Override
  public void run(List<String> arguments, InputStream in, PrintStream out) throws Exception {
    for (String what : arguments) {
      String outcome;
      try {
        attempt(what, in, out);
        outcome = "done";
      } catch (Exception e) {
        outcome = "refused";
        System.err.println(what + ": " + e);
      }
      out.println(what + " " + outcome);
      out.flush();
    }
  }

  private static void attempt(String what, InputStream in, PrintStream out) throws Exception {
    String[] words = what.split(" ");
    switch (words[0]) {
      case "read" -> Files.readAllBytes(Path.of(words[1]));
      case "write" -> Files.writeString(Path.of(words[1]), "x");
      case "grow" -> grow(Path.of(words[1]), Integer.parseInt(words[2]));
      case "variable" -> {
        if (System.getenv(words[1]) == null) {
          throw new IllegalStateException("there is none");
        }
      }
      case "tcp" ->
          SocketChannel.open(new InetSocketAddress("127.0.0.1", Integer.parseInt(words[1])));
      case "unix" -> {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
          server.bind(UnixDomainSocketAddress.of(words[1]));
        }
      }
      case "connect" -> SocketChannel.open(UnixDomainSocketAddress.of(words[1])).close();
      case "program" -> new ProcessBuilder("true").start().waitFor();
      case "child" -> {
        Process child = new ProcessBuilder("sleep", "1000").start();
        out.println(child.pid());
        out.flush();
      }
      case "thread" -> {
        Thread thread = new Thread(() -> {});
        thread.start();
        thread.join();
      }
      case "signal" -> {
        if (Kernel.call(Syscall.KILL, Long.parseLong(words[1]), 0, 0, 0, 0) != 0) {
          throw new IllegalStateException("not permitted");
        }
      }
      case "heap" -> {
        List<byte[]> held = new ArrayList<>();
        while (true) {
          held.add(new byte[1 << 20]);
        }
      }
      case "map" -> {
        MemorySegment memory = Arena.global().allocate(Long.parseLong(words[1]));
        memory.fill((byte) 1);
      }
      case "call" -> {
        long result =
            Kernel.call(
                Syscall.valueOf(words[1]),
                Long.decode(words[2]),
                words.length > 3 ? Long.decode(words[3]) : 50 << 20,
                words.length > 4 ? Long.decode(words[4]) : 0600,
                PAIR.address(),
                0);
        if (result < 0) {
          throw new IllegalStateException("error " + -result);
        }
      }
      case "unlinked" -> {
        Path file = Path.of(words[1]);
        OutputStream open = Files.newOutputStream(file);
        for (int i = 0; i < Integer.parseInt(words[2]); i++) {
          open.write(new byte[1 << 20]);
        }
        Files.delete(file);
        HELD.add(open);
      }
      case "child-unlinked" ->
          new ProcessBuilder(
                  "sh",
                  "-c",
                  "exec 3>%1$s; rm %1$s; head -c %2$sM /dev/zero >&3; exec sleep 1000"
                      .formatted(words[1], words[2]))
              .start();
      case "crash" -> MemorySegment.ofAddress(8).reinterpret(8).fill((byte) 1);
      case "hold" -> Lifeline.hold(in);
      case "sleep" -> Thread.sleep(1_000_000);
      case "echo" -> in.transferTo(out);
      default -> throw new IllegalArgumentException(what);
    }
  }

  private static void grow(Path file, int megabytes) throws Exception {
    try (var stream = Files.newOutputStream(file)) {
      for (int i = 0; i < megabytes; i++) {
        stream.write(new byte[1 << 20]);
      }
    }
  }
}

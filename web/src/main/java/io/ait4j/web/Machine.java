package io.ait4j.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** The machine that this server runs on. */
public final class Machine {
  private Machine() {}

  /** As it calls itself. */
  public static String name() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("ait4j");
    }
  }
}

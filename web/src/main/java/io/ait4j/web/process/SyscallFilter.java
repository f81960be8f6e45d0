package io.ait4j.web.process;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A seccomp filter: system calls that get an error instead of an answer. It is a program for the
 * kernel's packet filter that reads a call's number, its machine and its arguments.
 */
final class SyscallFilter {
  private static final int LOAD = 0x20;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int JUMP_IF_SET = 0x45;
  private static final int AND = 0x54;
  private static final int RETURN = 0x06;
  private static final int NUMBER_AT = 0;
  private static final int MACHINE_AT = 4;
  private static final int FIRST_ARGUMENT_AT = 16;
  private static final int SECOND_ARGUMENT_AT = 24;
  private static final int ALLOW = 0x7fff0000;
  private static final int ERROR = 0x00050000;
  private static final int EPERM = 1;
  private static final int EACCES = 13;
  private static final int ENOSYS = 38;
  private static final int X86_64 = 0xc000003e;
  private static final int AARCH64 = 0xc00000b7;
  private static final int X32_CALL = 0x40000000;
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_SEQPACKET = 5;
  private static final int SOCKET_TYPE = 0xf;

  /** Flags of clone that make namespaces, in which a process has powers of its own. */
  private static final int NAMESPACES = 0x7e020000;

  private static final int CLONE_THREAD = 0x10000;

  /** Whether others of its user may look at a process: the server must. */
  private static final int PR_SET_DUMPABLE = 4;

  private static final int SET_MODE_FILTER = 1;
  private static final int ALL_THREADS = 1;

  /** One instruction: what, how far to jump if so and if not, and with which number. */
  private record Instruction(int code, int then, int otherwise, int number) {}

  private final List<Instruction> program = new ArrayList<>();

  SyscallFilter() {
    add(LOAD, 0, 0, MACHINE_AT);
    add(JUMP_IF_EQUAL, 1, 0, Syscall.ARM ? AARCH64 : X86_64);
    add(RETURN, 0, 0, ERROR | EPERM);
    add(LOAD, 0, 0, NUMBER_AT);
    if (!Syscall.ARM) {
      add(JUMP_IF_SET, 0, 1, X32_CALL);
      add(RETURN, 0, 0, ERROR | EPERM);
    }
  }

  /**
   * What no worker has a use for: other processes, the network, the machine's own affairs.
   *
   * @param localSockets whether there may be sockets that others of this machine could come to, as
   *     NVIDIA's driver opens one; they lead nowhere by themselves
   */
  SyscallFilter denyForeign(boolean localSockets) {
    for (Syscall call :
        List.of(
            Syscall.SETSID,
            Syscall.SETPGID,
            Syscall.PTRACE,
            Syscall.PROCESS_VM_READV,
            Syscall.PROCESS_VM_WRITEV,
            Syscall.BPF,
            Syscall.PERF_EVENT_OPEN,
            Syscall.KEYCTL,
            Syscall.ADD_KEY,
            Syscall.REQUEST_KEY,
            Syscall.UNSHARE,
            Syscall.SETNS,
            Syscall.MOUNT,
            Syscall.UMOUNT2,
            Syscall.PIVOT_ROOT,
            Syscall.CHROOT,
            Syscall.REBOOT,
            Syscall.INIT_MODULE,
            Syscall.FINIT_MODULE,
            Syscall.DELETE_MODULE,
            Syscall.KEXEC_LOAD,
            Syscall.SETTIMEOFDAY,
            Syscall.CLOCK_SETTIME,
            Syscall.SETHOSTNAME,
            Syscall.USERFAULTFD,
            // Memory that no limit counts, or that outlives the process.
            Syscall.MEMFD_CREATE,
            Syscall.MQ_OPEN,
            Syscall.MSGGET,
            Syscall.SEMGET,
            Syscall.SHMAT,
            Syscall.SHMGET,
            // Other ways to other processes.
            Syscall.PIDFD_GETFD,
            Syscall.PIDFD_SEND_SIGNAL,
            Syscall.PROCESS_MADVISE,
            Syscall.RT_SIGQUEUEINFO,
            Syscall.RT_TGSIGQUEUEINFO,
            Syscall.TKILL)) {
      deny(call, EPERM);
    }
    deny(Syscall.IO_URING_SETUP, ENOSYS); // it opens sockets past this filter
    deny(Syscall.CLONE3, ENOSYS); // its arguments cannot be seen; the C library falls back to clone
    add(JUMP_IF_EQUAL, 0, 4, Syscall.CLONE.number());
    add(LOAD, 0, 0, FIRST_ARGUMENT_AT);
    add(JUMP_IF_SET, 0, 1, NAMESPACES);
    add(RETURN, 0, 0, ERROR | EPERM);
    add(LOAD, 0, 0, NUMBER_AT);
    deny(Syscall.CONNECT, EACCES);
    if (localSockets) {
      allowConnectedOnly(Syscall.SOCKET);
    } else {
      deny(Syscall.SOCKET, EACCES);
    }
    allowConnectedOnly(Syscall.SOCKETPAIR); // Java makes one to close files by
    add(JUMP_IF_EQUAL, 0, 4, Syscall.PRCTL.number());
    add(LOAD, 0, 0, FIRST_ARGUMENT_AT);
    add(JUMP_IF_EQUAL, 0, 1, PR_SET_DUMPABLE);
    add(RETURN, 0, 0, ERROR | EPERM);
    add(LOAD, 0, 0, NUMBER_AT);
    return this;
  }

  /** Sockets of this machine, of the types that send nothing without a connection. */
  private void allowConnectedOnly(Syscall call) {
    add(JUMP_IF_EQUAL, 0, 9, call.number());
    add(LOAD, 0, 0, FIRST_ARGUMENT_AT);
    add(JUMP_IF_EQUAL, 1, 0, AF_UNIX);
    add(RETURN, 0, 0, ERROR | EACCES);
    add(LOAD, 0, 0, SECOND_ARGUMENT_AT);
    add(AND, 0, 0, SOCKET_TYPE);
    add(JUMP_IF_EQUAL, 2, 0, SOCK_STREAM);
    add(JUMP_IF_EQUAL, 1, 0, SOCK_SEQPACKET);
    add(RETURN, 0, 0, ERROR | EACCES);
    add(LOAD, 0, 0, NUMBER_AT);
  }

  /** Other programs, and processes at all; threads stay possible. */
  SyscallFilter denyPrograms() {
    deny(Syscall.EXECVE, EPERM);
    deny(Syscall.EXECVEAT, EPERM);
    deny(Syscall.FORK, EPERM);
    deny(Syscall.VFORK, EPERM);
    add(JUMP_IF_EQUAL, 0, 4, Syscall.CLONE.number());
    add(LOAD, 0, 0, FIRST_ARGUMENT_AT);
    add(JUMP_IF_SET, 1, 0, CLONE_THREAD);
    add(RETURN, 0, 0, ERROR | EPERM);
    add(LOAD, 0, 0, NUMBER_AT);
    return this;
  }

  private void deny(Syscall call, int error) {
    if (call.number() >= 0) {
      add(JUMP_IF_EQUAL, 0, 1, call.number());
      add(RETURN, 0, 0, ERROR | error);
    }
  }

  private void add(int code, int then, int otherwise, int number) {
    program.add(new Instruction(code, then, otherwise, number));
  }

  /** Installs it for every thread of this process, which may not gain privileges any more. */
  void install() {
    add(RETURN, 0, 0, ALLOW);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment code = arena.allocate(8L * program.size(), 8);
      for (int i = 0; i < program.size(); i++) {
        Instruction instruction = program.get(i);
        code.set(JAVA_SHORT, 8L * i, (short) instruction.code());
        code.set(JAVA_BYTE, 8L * i + 2, (byte) instruction.then());
        code.set(JAVA_BYTE, 8L * i + 3, (byte) instruction.otherwise());
        code.set(JAVA_INT, 8L * i + 4, instruction.number());
      }
      MemorySegment whole = arena.allocate(16, 8);
      whole.set(JAVA_SHORT, 0, (short) program.size());
      whole.set(JAVA_LONG, 8, code.address());
      Kernel.require(Syscall.SECCOMP, SET_MODE_FILTER, ALL_THREADS, whole.address(), 0, 0);
    }
  }
}

package io.ait4j.web.process;

/** System calls by their numbers, which differ between machines. */
enum Syscall {
  CAPSET(126, 91),
  CLOSE(3, 57),
  CLONE(56, 220),
  CLONE3(435, 435),
  CONNECT(42, 203),
  DUP3(292, 24),
  EXECVE(59, 221),
  EXECVEAT(322, 281),
  FORK(57, -1),
  VFORK(58, -1),
  KILL(62, 129),
  OPENAT(257, 56),
  PRCTL(157, 167),
  PRLIMIT64(302, 261),
  SECCOMP(317, 277),
  MEMFD_CREATE(319, 279),
  MQ_OPEN(240, 180),
  MSGGET(68, 186),
  PIDFD_GETFD(438, 438),
  PIDFD_SEND_SIGNAL(424, 424),
  PROCESS_MADVISE(440, 440),
  RT_SIGQUEUEINFO(129, 138),
  RT_TGSIGQUEUEINFO(297, 240),
  SEMGET(64, 190),
  SHMAT(30, 196),
  SHMGET(29, 194),
  TKILL(200, 130),
  SETSID(112, 157),
  SETPGID(109, 154),
  SOCKET(41, 198),
  SOCKETPAIR(53, 199),
  PTRACE(101, 117),
  PROCESS_VM_READV(310, 270),
  PROCESS_VM_WRITEV(311, 271),
  IO_URING_SETUP(425, 425),
  BPF(321, 280),
  PERF_EVENT_OPEN(298, 241),
  KEYCTL(250, 219),
  ADD_KEY(248, 217),
  REQUEST_KEY(249, 218),
  UNSHARE(272, 97),
  SETNS(308, 268),
  MOUNT(165, 40),
  UMOUNT2(166, 39),
  PIVOT_ROOT(155, 41),
  CHROOT(161, 51),
  REBOOT(169, 142),
  INIT_MODULE(175, 105),
  FINIT_MODULE(313, 273),
  DELETE_MODULE(176, 106),
  KEXEC_LOAD(246, 104),
  SETTIMEOFDAY(164, 170),
  CLOCK_SETTIME(227, 112),
  SETHOSTNAME(170, 161),
  USERFAULTFD(323, 282),
  LANDLOCK_CREATE_RULESET(444, 444),
  LANDLOCK_ADD_RULE(445, 445),
  LANDLOCK_RESTRICT_SELF(446, 446);

  /** Whether this machine is of the ARM family; else it is x86-64. */
  static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

  private final int x86;
  private final int arm;

  Syscall(int x86, int arm) {
    this.x86 = x86;
    this.arm = arm;
  }

  /** On this machine; negative if it has none. */
  int number() {
    return ARM ? arm : x86;
  }
}

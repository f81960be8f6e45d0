package io.ait4j.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class SassReaderTest {
  private static final String LISTING =
      """
      code for sm_90a
      		Function : k1_v0
      	.headerflags	@"EF_CUDA_TEXMODE_UNIFIED"
              /*0000*/                   LDC R1, c[0x0][0x28] ;   /* 0x00000a00ff017b82 */
                                                                  /* 0x000fe20000000a00 */
              /*0010*/                   FFMA R2, R3, R4, R5 ;    /* 0x0 */
              /*0020*/              @P0  HGMMA.64x128x16.F32 R24, gdesc[UR4], R24, !UPT ;
              /*0030*/                   HGMMA.64x128x16.F32 R24, gdesc[UR8], R24, gsb0 ;
      		Function : k1_v1
              /*0000*/             @!P1  HMMA.16816.F32.BF16 R4, R8, R12, R4 ;
              /*0010*/                   FFMA R2, R3, R4, R5 ;
              /*0020*/                   FFMA R2, R3, R4, R5 ;
      		Function : k2
              /*0000*/                   FFMA.FTZ R2, R3, R4, R5 ;
      		Function : copy
              /*0000*/                   IMAD.MOV.U32 R2, RZ, RZ, R3 ;
      """;

  @Test
  void theStrongestInstructionOfEachFunctionIsNamed() {
    assertThat(SassReader.strongest(LISTING.lines()))
        .containsOnly(
            java.util.Map.entry("k1_v0", "wgmma (HGMMA.64x128x16.F32, 2 times)"),
            java.util.Map.entry("k1_v1", "mma (HMMA.16816.F32.BF16, 1 times)"),
            java.util.Map.entry("k2", "FMA (FFMA.FTZ, 1 times)"));
  }

  @Test
  void fatBinariesAreFoundInALibrary() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment library = arena.allocate(200);
      write(library, 17, 40);
      write(library, 100, 8);
      library.set(ValueLayout.JAVA_INT_UNALIGNED, 150, 0xBA55ED50); // says it goes beyond the end
      library.set(ValueLayout.JAVA_LONG_UNALIGNED, 158, 1000);
      assertThat(MachineCode.images(library))
          .extracting(MemorySegment::byteSize)
          .containsExactly(56L, 24L);
    }
  }

  private static void write(MemorySegment library, long at, long bytes) {
    library.set(ValueLayout.JAVA_INT_UNALIGNED, at, 0xBA55ED50);
    library.set(ValueLayout.JAVA_LONG_UNALIGNED, at + 8, bytes);
  }
}

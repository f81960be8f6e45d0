package io.ait4j.fx.cuda;

import io.ait4j.fx.ModelException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;

/** The driver of this machine and its devices, or why there are none; looked up once. */
record DriverLibrary(List<CudaDevice> devices, int version, ModelException failure) {
  private static final class OfThisMachine {
    static final DriverLibrary INSTANCE = open();
  }

  static DriverLibrary ofThisMachine() {
    return OfThisMachine.INSTANCE;
  }

  private static DriverLibrary open() {
    try {
      return of(SymbolLookup.libraryLookup("libcuda.so.1", Arena.global()));
    } catch (IllegalArgumentException e) {
      return none(
          DriverFailure.run(
              "no NVIDIA driver found (libcuda.so.1); running on a GPU needs an NVIDIA GPU and its"
                  + " driver"));
    }
  }

  static DriverLibrary of(SymbolLookup symbols) {
    try {
      Driver driver = new Driver(symbols);
      int count = driver.deviceCount();
      if (count == 0) {
        return none(DriverFailure.run("the NVIDIA driver finds no GPU; see what nvidia-smi lists"));
      }
      List<CudaDevice> devices = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        devices.add(new CudaDevice(driver, i));
      }
      return new DriverLibrary(List.copyOf(devices), driver.version(), null);
    } catch (ModelException e) {
      return none(e);
    }
  }

  private static DriverLibrary none(ModelException failure) {
    return new DriverLibrary(List.of(), 0, failure);
  }

  /**
   * @throws ModelException (RUN) if there is none
   */
  List<CudaDevice> required() {
    if (failure != null) {
      throw new ModelException(failure.kind(), failure.getMessage(), failure);
    }
    return devices;
  }
}

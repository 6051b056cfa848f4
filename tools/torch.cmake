# The target musl_torch: LibTorch in MUSL_TORCH_LIB and MUSL_TORCH_INCLUDE (from
# tools/find-libtorch.sh), else the one that find_package() finds. The former
# needs no CUDA toolkit beside a Python torch with CUDA.
set(MUSL_TORCH_LIB "" CACHE PATH "Directory of libtorch_cpu.so")
set(MUSL_TORCH_INCLUDE "" CACHE PATH "Directory that contains torch/")
add_library(musl_torch INTERFACE IMPORTED GLOBAL)
if(NOT MUSL_TORCH_LIB)
  find_package(Torch REQUIRED)
  target_link_libraries(musl_torch INTERFACE ${TORCH_LIBRARIES})
  return()
endif()

# A compiler's own directories must not be named again.
if(NOT MUSL_TORCH_INCLUDE MATCHES "^/usr(/local)?/include$")
  target_include_directories(musl_torch SYSTEM INTERFACE
                             ${MUSL_TORCH_INCLUDE})
endif()
target_include_directories(
  musl_torch SYSTEM
  INTERFACE ${MUSL_TORCH_INCLUDE}/torch/csrc/api/include)
set(torch_libraries ${MUSL_TORCH_LIB}/libtorch_cpu.so ${MUSL_TORCH_LIB}/libc10.so)
if(EXISTS ${MUSL_TORCH_LIB}/libtorch_cuda.so)
  # Nothing refers to it by name, so the linker would drop it.
  list(APPEND torch_libraries -Wl,--no-as-needed
       ${MUSL_TORCH_LIB}/libtorch_cuda.so -Wl,--as-needed)
endif()
target_link_libraries(musl_torch INTERFACE ${torch_libraries}
                      -Wl,--allow-shlib-undefined)

# Older wheels have the C++ ABI of before C++11.
include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_LIBRARIES musl_torch)
foreach(abi 1 0)
  set(CMAKE_REQUIRED_DEFINITIONS -D_GLIBCXX_USE_CXX11_ABI=${abi})
  check_cxx_source_compiles("#include <c10/core/Device.h>
    #include <string>
    int main(int n, char** words) {
      return c10::Device(std::string(words[n - 1])).index();
    }" MUSL_TORCH_ABI_${abi})
  if(MUSL_TORCH_ABI_${abi})
    target_compile_definitions(musl_torch
                               INTERFACE _GLIBCXX_USE_CXX11_ABI=${abi})
    return()
  endif()
endforeach()
message(FATAL_ERROR "A program with the LibTorch of ${MUSL_TORCH_LIB} does "
                    "not compile and link under either C++ ABI.")

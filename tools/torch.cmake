# The target musl_torch: LibTorch in MUSL_TORCH_LIB and MUSL_TORCH_INCLUDE; else the
# one that tools/find-libtorch.sh finds if it has CUDA, beside which find_package()
# wants a toolkit; else the one that find_package() finds. The first two have C++11's
# ABI, as all wheels do from 2.7 on.
set(MUSL_TORCH_LIB "" CACHE PATH "Directory of libtorch_cpu.so")
set(MUSL_TORCH_INCLUDE "" CACHE PATH "Directory that contains torch/")
add_library(musl_torch INTERFACE IMPORTED GLOBAL)
if(NOT MUSL_TORCH_LIB)
  execute_process(
    COMMAND sh -c ". ./find-libtorch.sh; find_libtorch &&
      [ -e $torch_lib/libtorch_cuda.so ] && echo \"$torch_lib;$torch_include;\""
    WORKING_DIRECTORY ${CMAKE_CURRENT_LIST_DIR} OUTPUT_VARIABLE found)
  if(found)
    list(GET found 0 MUSL_TORCH_LIB)
    list(GET found 1 MUSL_TORCH_INCLUDE)
  endif()
endif()
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
foreach(name torch_cpu c10)
  list(APPEND torch_libraries
       ${MUSL_TORCH_LIB}/lib${name}${CMAKE_SHARED_LIBRARY_SUFFIX})
endforeach()
if(EXISTS ${MUSL_TORCH_LIB}/libtorch_cuda.so)
  # Nothing refers to it by name, so the linker would drop it.
  list(APPEND torch_libraries -Wl,--no-as-needed
       ${MUSL_TORCH_LIB}/libtorch_cuda.so -Wl,--as-needed)
endif()
target_link_libraries(musl_torch INTERFACE ${torch_libraries})
if(NOT APPLE)
  target_link_libraries(musl_torch INTERFACE -Wl,--allow-shlib-undefined)
endif()

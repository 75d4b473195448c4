# The rooms from the bottom up.
set(CW_ROOMS base record stats io import count detect track advise report sim flow)

# cw_layer(NAME DEPENDS room... SOURCES file... LINK target...)
#
# A layer is one folder under src/. Its sources see <clonewatch/...> and, as "room/file.h", their own room and the rooms
# named in DEPENDS - nothing else: each room has an include root of its own in the build tree, so an include that looks
# up or sideways does not compile.
function(cw_layer name)
  cmake_parse_arguments(L "" "" "DEPENDS;SOURCES;LINK" ${ARGN})
  set(root ${CMAKE_BINARY_DIR}/include-roots/${name})
  file(MAKE_DIRECTORY ${root})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${root}/${name} SYMBOLIC)
  add_library(cw_${name} OBJECT ${L_SOURCES})
  target_link_libraries(cw_${name} PRIVATE cw_flags ${L_LINK})
  target_include_directories(cw_${name} PRIVATE ${PROJECT_SOURCE_DIR}/include ${CMAKE_BINARY_DIR}/include ${root})
  foreach(room IN LISTS L_DEPENDS)
    target_include_directories(cw_${name} PRIVATE ${CMAKE_BINARY_DIR}/include-roots/${room})
  endforeach()
endfunction()

# Makes of models have names such as generic-3.1-svd5-f64-64x3: structure, components and how many of the last are entropies or
# given (a1a2 behind it: which components are angles, from 1), modulation and rank, scalar, units x hidden layers.
# metriplex_combination(NAME DEFINITIONS DIM): sets the macros that examples/meta_train/trained.hpp makes a model of, and how
# many components a state has.
function(metriplex_combination name definitions dim)
  set(rest ${name})
  set(angles "")
  if(rest MATCHES "^([a-z-]+-[0-9.]+)(a[0-9a]+)(-.*)$")
    set(rest ${CMAKE_MATCH_1}${CMAKE_MATCH_3})
    string(REGEX REPLACE "^a" "" angles ${CMAKE_MATCH_2})
    string(REPLACE a , angles ${angles})
  endif()
  if(NOT rest MATCHES "^([a-z-]+)-([0-9]+)([.]([0-9]+))?-([a-z]+)([0-9]*)-(f32|f64)-([0-9]+)x([0-9]+)$")
    message(FATAL_ERROR "a make of models has a name such as generic-3.1-svd5-f64-64x3, got \"${name}\"")
  endif()
  foreach(number 4 6) # what is not named is none
    if(NOT CMAKE_MATCH_${number})
      set(CMAKE_MATCH_${number} 0)
    endif()
  endforeach()
  string(REPLACE - _ structure ${CMAKE_MATCH_1})
  set(scalar_f64 double)
  set(scalar_f32 float)
  set(${definitions}
      METRIPLEX_STRUCTURE=${structure} METRIPLEX_DIM=${CMAKE_MATCH_2} METRIPLEX_TAIL=${CMAKE_MATCH_4}
      METRIPLEX_MODULATION=${CMAKE_MATCH_5} METRIPLEX_RANK=${CMAKE_MATCH_6} METRIPLEX_SCALAR=${scalar_${CMAKE_MATCH_7}}
      METRIPLEX_WIDTH=${CMAKE_MATCH_8} METRIPLEX_DEPTH=${CMAKE_MATCH_9} METRIPLEX_ANGLES=${angles}
      PARENT_SCOPE)
  set(${dim} ${CMAKE_MATCH_2} PARENT_SCOPE)
endfunction()

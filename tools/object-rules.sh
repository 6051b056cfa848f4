# Sourced by configure and tools/build-backend: writes lists and rules of objects.
# They are explicit because portable make has no wildcards, and because an
# explicit rule can put our optimisation flags after R's.

# files_of PATTERN DIR...: files below the directories, in a fixed order.
files_of() {
  pattern=$1
  shift
  find "$@" -name "$pattern" | sed 's|^\./||' | LC_ALL=C sort
}

# make_list NAME: the lines of standard input as a make variable.
make_list() {
  echo "$1 = \\"
  sed 's|^|  |; s|$| \\|'
  echo
}

# uses_json FILE: does it include the JSON library?
uses_json() {
  grep -q '^#include <nlohmann/' "$1"
}

# unit_of FILE: the unit that a file is compiled in, here and by CMake; empty: it
# is compiled alone. Files of one unit must not share a name in their unnamed
# namespaces. LibTorch's headers cost a unit 15 seconds and the JSON library 6, so
# the files that include them form few units; Eigen's cost 2, so small rooms go
# together.
unit_of() {
  case $1 in
    */backend_stamp.cpp) return ;;
    core/nn/*) ;;
    core/*) if uses_json "$1"; then echo core-json && return; fi ;;
  esac
  case $1 in
    core/nn/muse/edge_attention.cpp) echo nn-loops ;;
    core/nn/inputs/batcher.cpp) echo nn-nets ;;
    core/nn/inputs/*) echo nn-inputs ;;
    core/nn/learn/* | core/nn/model/* | core/nn/train/*) echo nn-learn ;;
    core/nn/muse/*) echo nn-muse ;;
    core/nn/*) echo nn-nets ;;
    core/graph/* | core/protein/*) echo core-base ;;
    core/atlas/* | core/dependency/*) echo core-judge ;;
    core/muse/*) echo core-model ;;
    core/*) echo "core-$(basename "$(dirname "$1")")" ;;
    *) echo glue ;;
  esac
}

# level_of UNIT: the flags of units with few loops of their own. They run as fast
# when they are optimised less, and compile in two thirds of the time. What
# MUSL_CXXFLAGS asks for stands.
level_of() {
  [ -z "${MUSL_CXXFLAGS:-}" ] || return 0
  case $1 in
    core-data | core-features | core-io | core-store) echo '-O2 ' ;;
    core-json | core-model) echo '-O1 ' ;;
    nn-learn | nn-muse | nn-nets) echo '-O1 ' ;;
  esac
}

# join_units: joins the files on standard input in a few units,
# joined/<unit>.cpp, and prints what is to be compiled: reading headers is most
# of what a file costs. MUSL_JOIN=no leaves every file by itself, which is
# quicker where one file is edited again and again.
join_units() {
  rm -rf joined.new
  mkdir joined.new
  while read -r file; do
    unit=
    [ "${MUSL_JOIN:-yes}" = no ] || unit=$(unit_of "$file")
    if [ -z "$unit" ]; then
      echo "$file"
    else
      [ -e "joined.new/$unit.cpp" ] || echo "joined/$unit.cpp"
      echo "#include \"../$file\"" >>"joined.new/$unit.cpp"
    fi
  done
  mkdir -p joined
  for unit in joined.new/*.cpp; do
    [ ! -e "$unit" ] || update "$unit" "joined/${unit##*/}"
  done
  rm -rf joined.new
}

# An unchanged file keeps its time, so nothing is compiled twice.
update() { cmp -s "$1" "$2" || cp "$1" "$2"; }

# object_rules COMPILE NEEDS: a rule for each source of standard input. COMPILE
# and NEEDS are variables of make: the command, and what all objects depend on.
# The compiler writes what else an object depends on beside it.
object_rules() {
  while read -r file; do
    unit=$(unit_of "$file")
    case $file in joined/*) unit=$(basename "$file" .cpp) ;; esac
    flags=$(level_of "$unit")
    needs=$file
    case $file in
      */backend_stamp.cpp)
        flags="$flags-DMUSL_BUILD=\`cat build-stamp\` "
        needs="$needs build-stamp"
        ;;
    esac
    object=${file%.cpp}.o
    printf '%s: %s $(%s)\n' "$object" "$needs" "$2"
    # R has a rule of its own for files that end in .d.
    printf '\t$(%s) %s-MMD -MP -MF %s -c %s -o %s\n' \
      "$1" "$flags" "${object%.o}.dep" "$file" "$object"
    echo "-include ${object%.o}.dep"
  done
}

# As a program: the unit of each file named, one a line, for CMake.
case $0 in
  */object-rules.sh)
    for file; do
      unit=$(unit_of "$file")
      echo "${unit:-$(echo "$file" | tr / -)}"
    done
    ;;
esac

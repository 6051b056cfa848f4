# Sourced by configure and tools/build-backend: lists and rules of objects.
# They are written out: portable make has no wildcards, and an explicit rule
# lets our optimisation stand after R's own flags.

# files_of PATTERN DIR...: files below the directories, in one order everywhere.
files_of() {
  pattern=$1
  shift
  find "$@" -name "$pattern" | sed 's|^\./||' | LC_ALL=C sort
}

# make_list NAME: the words of standard input as a variable of make.
make_list() {
  echo "$1 = \\"
  sed 's|^|  |; s|$| \\|'
  echo
}

# unit_of FILE: the unit that a file of core/nn is compiled in; empty: by itself.
# Those of one unit must not share a name in their unnamed namespaces.
unit_of() {
  case $1 in
    *_group.cpp)
      # Alone, with flags of its own, unless it is empty.
      group=$(basename "$1" _group.cpp)
      case " $torch_groups " in
        *" $group "*) ;;
        *) echo train ;;
      esac
      ;;
    core/nn/base/* | core/nn/encoders/* | core/nn/nodes/* | \
      core/nn/kernels/pooled_stage.cpp)
      echo encoders
      ;;
    core/nn/kernels/*) ;; # they read few headers
    core/nn/inputs/batcher.cpp | core/nn/inputs/pair_table.cpp) echo nets ;;
    core/nn/inputs/*) ;; # they read none of LibTorch
    core/nn/fuse/* | core/nn/nets/* | core/nn/infer/*)
      echo nets
      ;;
    *) basename "$(dirname "$1")" ;;
  esac
}

# join_units: joins the files of core/nn on standard input in a few units,
# joined/<unit>.cpp, and prints what is to be compiled: reading LibTorch's
# headers is nearly all that a file costs. MUSL_JOIN=no leaves every file by
# itself.
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
      echo "#include \"${file#core/}\"" >>"joined.new/$unit.cpp"
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
object_rules() {
  while read -r file; do
    flags=
    needs=$file
    case $file in
      core/nn/train/*_group.cpp) flags='$(GROUP_FLAGS) ' ;;
      core/model/backend.cpp | core/nn/model/backend.cpp)
        flags='-DMUSL_BUILD=`cat build-stamp` '
        needs="$file build-stamp"
        ;;
      joined/*)
        needs="$file $(sed 's|#include "\(.*\)"|core/\1|' "$file" | xargs)"
        case $file in
          joined/model.cpp)
            flags='-DMUSL_BUILD=`cat build-stamp` '
            needs="$needs build-stamp"
            ;;
        esac
        ;;
    esac
    object=${file%.cpp}.o
    printf '%s: %s $(%s)\n' "$object" "$needs" "$2"
    printf '\t$(%s) %s-c %s -o %s\n' "$1" "$flags" "$file" "$object"
  done
}

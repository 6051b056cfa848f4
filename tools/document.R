# Writes the generated files without installing the package.
Rcpp::compileAttributes()
# A class that extends another looks up its package, which has this name while
# roxygen2 loads the sources.
register <- function(name, namespace) {
  .Internal(registerNamespace(name, namespace))
}
environment(register) <- baseenv()
namespace <- new.env()
namespace$.__NAMESPACE__. <- list2env(
  list(spec = c(name = "roxygen_devtest", version = "0"))
)
register("roxygen_devtest", namespace)
roxygen2::roxygenise(load_code = roxygen2::load_source)

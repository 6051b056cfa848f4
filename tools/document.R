# Writes what is generated from the sources, without installing the package.
Rcpp::compileAttributes()
# A class that extends another asks for the package of its sources, which
# roxygen2 calls so while it reads them.
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

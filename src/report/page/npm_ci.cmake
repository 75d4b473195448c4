# cmake -DNPM=npm -DFROM=folder-of-package.json -DTO=folder -P npm_ci.cmake
# Fetches the chart libraries that package-lock.json pins. Runs once per build folder; later builds need no network.
file(COPY ${FROM}/package.json ${FROM}/package-lock.json DESTINATION ${TO})
execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error
                WORKING_DIRECTORY ${TO} RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "npm could not fetch the report's chart libraries (vega, vega-lite, vega-embed): ${said}\n"
          "The npm registry must be reachable at the first build; or set -DCLONEWATCH_NODE_MODULES=DIR to a node_modules folder that "
          "'npm ci --ignore-scripts' made from src/report/page/package-lock.json elsewhere.")
endif()
file(TOUCH ${TO}/fetched)

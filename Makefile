node := node_modules/.bin/node

/** Access to the cluster for both reconcilers: labels, owners, events, status writes, refusals, and test requests for Jobs. */
package dev.sweeps.operator.cluster;

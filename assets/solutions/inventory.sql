CREATE TABLE inventory (
    productId INT PRIMARY KEY,
    productName VARCHAR(255) NOT NULL,
    quantity INT,
    lastUpdated TIMESTAMP
);

INSERT INTO inventory (productId, productName, quantity, lastUpdated) VALUES
    (101, 'QuantumWidget', 100, NOW()),
    (102, 'HyperSpanner', 75, NOW()),
    (103, 'FluxCapacitor', 50, NOW());
